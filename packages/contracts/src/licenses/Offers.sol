// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ILicenses, Offer, OfferState} from "../interfaces/ILicenses.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPassports} from "../interfaces/IPassports.sol";
import {ErrorsLib} from "../libraries/ErrorsLib.sol";

/// @title Offers
/// @notice Offers of licenses, which never change, and who sells them.
abstract contract Offers is ILicenses, ERC721, ReentrancyGuardTransient {
    /// @dev A buyer waits no longer than this for the key or the money.
    uint256 private constant MAX_DELIVERY = 30 days;

    /* STORAGE */

    /// @inheritdoc ILicenses
    IPassports public immutable passports;

    /// @inheritdoc ILicenses
    IParameters public immutable parameters;

    /// @dev Starts above zero, so that the first costs what the others do, and zero means none.
    uint40 private _nextOffer = 1;

    /// @dev Offers are numbered, so that a sale names its offer in a few bits.
    mapping(bytes32 offerId => uint256 number) internal _offerNumbers;

    mapping(uint256 number => OfferState) internal _offers;

    constructor(IPassports passports_, IParameters parameters_) {
        require(
            address(passports_) != address(0) && address(parameters_) != address(0), ErrorsLib.ZeroAddress()
        );
        passports = passports_;
        parameters = parameters_;
    }

    /* OFFERS */

    /// @inheritdoc ILicenses
    function createOffer(Offer calldata offer) external returns (bytes32 id) {
        id = _id(offer);
        require(
            passports.ownerOf(offer.passportId) == msg.sender,
            ErrorsLib.NotPassportOwner(offer.passportId, msg.sender)
        );
        require(_offerNumbers[id] == 0, ErrorsLib.OfferExists(id));
        require(offer.token.code.length != 0, ErrorsLib.NotAToken(offer.token));
        require(
            offer.deliverWithin != 0 && offer.deliverWithin <= MAX_DELIVERY,
            ErrorsLib.DeliveryTimeOutOfBounds(offer.deliverWithin, MAX_DELIVERY)
        );

        uint256 number = _nextOffer++;
        _offerNumbers[id] = number;
        _offers[number].offer = offer;
        _offers[number].seller = msg.sender;

        emit OfferCreated(id, offer.passportId, offer);
    }

    /// @inheritdoc ILicenses
    function withdrawOffer(bytes32 id) external {
        OfferState storage state = _offers[_offerNumbers[id]];
        require(state.seller == msg.sender, ErrorsLib.NotSeller(msg.sender, state.seller));
        require(!state.withdrawn, ErrorsLib.OfferUnavailable(id));

        state.withdrawn = true;

        emit OfferWithdrawn(id);
    }

    /* VIEWS */

    /// @inheritdoc ILicenses
    function offerId(Offer calldata offer) external pure returns (bytes32) {
        return _id(offer);
    }

    /// @inheritdoc ILicenses
    function offers(bytes32 id) external view returns (OfferState memory) {
        return _offers[_offerNumbers[id]];
    }

    /* INTERNAL */

    function _id(Offer calldata offer) internal pure returns (bytes32) {
        return keccak256(abi.encode(offer));
    }

    /// @dev The seller of an offer that was never created is nobody, who owns no passport.
    function _isOnSale(OfferState storage state, uint256 passportId) internal view returns (bool) {
        address seller = state.seller;
        return seller != address(0) && !state.withdrawn && passports.ownerOf(passportId) == seller;
    }
}
