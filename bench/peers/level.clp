; The scale 响应 of plans/forest-fire.plan.md, the bare level: one fact of one fire in, the highest level out.
; Rules of higher levels come first, and the first that fires ends the run.

(deftemplate fire
  (slot burning) (slot area) (slot dead) (slot trapped) (slot severe) (slot loss) (slot uncontrolled) (slot date)
  (slot site) (slot homes) (slot facilities) (slot outward) (slot inward) (slot military) (slot industry)
  (slot reserve) (slot nature) (slot place))

(defglobal ?*level* = 0)

(deffunction reach (?level) (bind ?*level* ?level) (halt))

; given: nature 2 is a forest fire; 0 and 1 are small ones, which count once a threat is there; place 0 is here

(defrule counts-forest (declare (salience 50)) (fire (nature 2)) => (assert (counts)))
(defrule counts-small (declare (salience 50))
  (fire (nature 0|1) (uncontrolled ?a) (homes ?b) (facilities ?c) (military ?d) (industry ?e) (reserve ?f)
        (outward ?g) (place ?p) (inward ?i))
  (test (or (= ?a 1) (= ?b 1) (= ?c 1) (= ?d 1) (= ?e 1) (= ?f 1) (= ?g 1) (and (= ?p 1) (= ?i 1))))
  => (assert (counts)))

(defrule IV-1 (declare (salience 10)) (fire (place 0) (uncontrolled 1)) (counts) => (reach 1))
(defrule IV-2a (declare (salience 10)) (fire (place 0) (date 1)) (counts) => (reach 1))
(defrule IV-2b (declare (salience 10)) (fire (place 0) (site 1)) (counts) => (reach 1))
(defrule IV-3 (declare (salience 10)) (fire (inward 1)) (counts) => (reach 1))

(defrule III-1 (declare (salience 20)) (fire (place 0) (burning ?b&:(>= ?b 7200000000))) (counts) => (reach 2))
(defrule III-2 (declare (salience 20)) (fire (place 0) (area ?a&:(>= ?a 15000000000))) (counts) => (reach 2))
(defrule III-3a (declare (salience 20)) (fire (place 0) (homes 1)) (counts) => (reach 2))
(defrule III-3b (declare (salience 20)) (fire (place 0) (facilities 1)) (counts) => (reach 2))
(defrule III-4 (declare (salience 20)) (fire (place 0) (outward 1)) (counts) => (reach 2))

(defrule II-1 (declare (salience 30)) (fire (place 0) (burning ?b&:(>= ?b 21600000000))) (counts) => (reach 3))
(defrule II-2 (declare (salience 30)) (fire (place 0) (area ?a&:(>= ?a 150000000000))) (counts) => (reach 3))
(defrule II-3a (declare (salience 30)) (fire (place 0) (dead ?d) (trapped ?t&:(>= (+ ?d ?t) 1))) (counts)
  => (reach 3))
(defrule II-3b (declare (salience 30)) (fire (place 0) (severe ?s&:(>= ?s 1))) (counts) => (reach 3))
(defrule II-3c (declare (salience 30)) (fire (place 0) (loss 1)) (counts) => (reach 3))

(defrule I-1 (declare (salience 40)) (fire (place 0) (burning ?b&:(>= ?b 43200000000))) (counts) => (reach 4))
(defrule I-2 (declare (salience 40)) (fire (place 0) (area ?a&:(>= ?a 900000000000))) (counts) => (reach 4))
(defrule I-3a (declare (salience 40)) (fire (place 0) (dead ?d) (trapped ?t&:(>= (+ ?d ?t) 3))) (counts)
  => (reach 4))
(defrule I-3b (declare (salience 40)) (fire (place 0) (severe ?s&:(>= ?s 10))) (counts) => (reach 4))
(defrule I-4a (declare (salience 40)) (fire (place 0) (military 1)) (counts) => (reach 4))
(defrule I-4b (declare (salience 40)) (fire (place 0) (industry 1)) (counts) => (reach 4))
(defrule I-4c (declare (salience 40)) (fire (place 0) (reserve 1)) (counts) => (reach 4))
