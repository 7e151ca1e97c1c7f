import { allSeats, dutyRoomSeat } from '../stores/exercise';
import { t } from '../texts';

/** A seat as people call it. */
export const seatName = (seat: string): string => (seat === dutyRoomSeat ? t('exercise.dutyRoom') : seat === allSeats ? t('exercise.allSeats') : seat);
